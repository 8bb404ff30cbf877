// The other language has exactly the same keys: a missing or a surplus one does not compile.
export type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : Same<T[K]> }

/** Every full key of a text tree, such as `desk.now.left`. */
export type Leaves<T> = { [K in keyof T & string]: T[K] extends string ? K : `${K}.${Leaves<T[K]>}` }[keyof T & string]
