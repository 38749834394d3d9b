/** What the published types use of zod's: zod itself is in the bundle, and its own types would be 380 kB more. */

/** A schema, by what it reads. */
export interface ZodType<out Output = unknown> {
  readonly _zod: { readonly output: Output }
}

/** What a schema reads. */
export type output<Schema> = Schema extends ZodType<infer Output> ? Output : never

type Shape = Readonly<Record<string, ZodType>>
type OptionalKey<S extends Shape> = { [Key in keyof S]: S[Key] extends ZodOptional<ZodType> ? Key : never }[keyof S]
type Flat<T> = { [Key in keyof T]: T[Key] }

export interface ZodOptional<Inner extends ZodType> extends ZodType<output<Inner> | undefined> {
  readonly unwrap: () => Inner
}
export interface ZodObject<S extends Shape, _Config = unknown> extends ZodType<
  Flat<
    { -readonly [Key in Exclude<keyof S, OptionalKey<S>>]: output<S[Key]> } & {
      -readonly [Key in OptionalKey<S>]?: output<S[Key]>
    }
  >
> {
  readonly shape: S
}
export type ZodArray<Item extends ZodType> = ZodType<output<Item>[]>
export type ZodEnum<Values extends Readonly<Record<string, string>>> = ZodType<Values[keyof Values]>
export type ZodRecord<Key extends ZodType<string>, Value extends ZodType> = ZodType<Record<output<Key>, output<Value>>>
export type ZodString = ZodType<string>
export type ZodEmail = ZodType<string>
export type ZodInt = ZodType<number>
export type ZodNumber = ZodType<number>
export type ZodBoolean = ZodType<boolean>
export type ZodUnknown = ZodType<unknown>
export type ZodGUID = ZodType<string>
export type ZodURL = ZodType<string>
export type ZodISODateTime = ZodType<string>
export type ZodLiteral<Value> = ZodType<Value>
export type ZodNullable<Inner extends ZodType> = ZodType<output<Inner> | null>
export type ZodUnion<Options extends readonly ZodType[]> = ZodType<output<Options[number]>>
export type ZodTransform<Output = unknown, _Input = unknown> = ZodType<Output>
export type ZodPipe<_In extends ZodType, Out extends ZodType> = ZodType<output<Out>>

/** The mode of an object that drops the keys which it does not have. */
export type $strip = unknown
export namespace core {
  export type { $strip }
}
