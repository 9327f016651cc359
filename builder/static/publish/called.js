// Whether a surface reaches us at an address of ours, which the world then has to know.

/** Where we connect unless its owner chooses to be called, `entered` says which. */
export function isCalled({ public_address, guide }, entered) {
  const [name, value] = guide?.called || [];
  return Boolean(public_address || (name && entered[name] === value));
}
