/** What the published types use of zod's: zod itself is in the bundle, and its own types would be 380 kB more. */

/** A schema, by what it reads. */
export interface ZodMiniType<out Output = unknown> {
  readonly _zod: { readonly output: Output }
}

/** What a schema reads. */
export type output<Schema> = Schema extends ZodMiniType<infer Output> ? Output : never

type Shape = Readonly<Record<string, ZodMiniType>>
type OptionalKey<S extends Shape> = {
  [Key in keyof S]: S[Key] extends ZodMiniOptional<ZodMiniType> ? Key : never
}[keyof S]
type Flat<T> = { [Key in keyof T]: T[Key] }

export interface ZodMiniOptional<Inner extends ZodMiniType> extends ZodMiniType<output<Inner> | undefined> {
  readonly unwrap: () => Inner
}
export interface ZodMiniObject<S extends Shape, _Config = unknown> extends ZodMiniType<
  Flat<
    { -readonly [Key in Exclude<keyof S, OptionalKey<S>>]: output<S[Key]> } & {
      -readonly [Key in OptionalKey<S>]?: output<S[Key]>
    }
  >
> {
  readonly shape: S
}
export type ZodMiniArray<Item extends ZodMiniType> = ZodMiniType<output<Item>[]>
export type ZodMiniEnum<Values extends Readonly<Record<string, string>>> = ZodMiniType<Values[keyof Values]>
export type ZodMiniRecord<Key extends ZodMiniType<string>, Value extends ZodMiniType> = ZodMiniType<
  Record<output<Key>, output<Value>>
>
export type ZodMiniString<_Input = unknown> = ZodMiniType<string>
export type ZodMiniEmail = ZodMiniType<string>
export type ZodMiniInt = ZodMiniType<number>
export type ZodMiniNumber<_Input = unknown> = ZodMiniType<number>
export type ZodMiniBoolean<_Input = unknown> = ZodMiniType<boolean>
export type ZodMiniUnknown = ZodMiniType<unknown>
export type ZodMiniGUID = ZodMiniType<string>
export type ZodMiniURL = ZodMiniType<string>
export type ZodMiniISODateTime = ZodMiniType<string>
export type ZodMiniLiteral<Value> = ZodMiniType<Value>
export type ZodMiniNullable<Inner extends ZodMiniType> = ZodMiniType<output<Inner> | null>
export type ZodMiniUnion<Options extends readonly ZodMiniType[]> = ZodMiniType<output<Options[number]>>
export type ZodMiniTransform<Output = unknown, _Input = unknown> = ZodMiniType<Output>
export type ZodMiniPipe<_In extends ZodMiniType, Out extends ZodMiniType> = ZodMiniType<output<Out>>

/** The mode of an object that drops the keys which it does not have. */
export type $strip = unknown
export namespace core {
  export type { $strip }
}
