// A rule for `deno lint`: no function longer than the Python ones may be (tests/architecture.py).

const LONGEST = 50; // lines

/** Lines from its head to its end. */
function lines(node, text) {
  return text.slice(...node.range).split("\n").length;
}

export default {
  name: "hongyan",
  rules: {
    "short-functions": {
      create(context) {
        const check = (node) => {
          const count = lines(node, context.sourceCode.text);
          if (count > LONGEST) {
            context.report({ node, message: `A function of ${count} lines; ${LONGEST} are the most.` });
          }
        };
        return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
      },
    },
  },
};
