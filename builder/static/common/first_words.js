// What is said to the describer first, before its panel is there: kept by the page of agents for the build page.

export const FIRST = "hongyan:describe:"; // and the agent's id
