// What we use of Preact with htm: bundle.py takes both from the wheel, which brings no types.

export type Child = object | string | number | boolean | null | undefined | Child[];
export type Ref<T> = { current: T };
export type Vnode = { type: unknown; props: Record<string, unknown>; key: unknown };

export function h(type: unknown, props?: object | null, ...children: Child[]): Vnode;
// deno-lint-ignore no-explicit-any
export function html(parts: TemplateStringsArray, ...values: any[]): any;
export function render(what: Child, into: Element | DocumentFragment): void;

// deno-lint-ignore no-explicit-any
export function useState<T = any>(first?: T | (() => T)): [T, (next: T | ((now: T) => T)) => void];
// deno-lint-ignore no-explicit-any
export function useRef<T = any>(first?: T): Ref<T>;
// deno-lint-ignore no-explicit-any
export function useMemo<T = any>(make: () => T, inputs: unknown[]): T;
export function useEffect(work: () => void | (() => void), inputs?: unknown[]): void;
export function useLayoutEffect(work: () => void | (() => void), inputs?: unknown[]): void;
