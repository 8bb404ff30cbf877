// Every key of DIR/config.json with its type and default, read out of the schema, for the table in docs/operations.md.
import { z } from 'zod'
import { StationConfig } from '../../../shared/config.ts'

export interface ConfigKey {
  /** Such as `outputs[].device`. */
  readonly path: string
  readonly type: string
  /** JSON of the default; `–` where a value must be given. */
  readonly standard: string
}

const Schema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  anyOf: z.array(z.record(z.string(), z.unknown())).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  default: z.unknown().optional(),
  pattern: z.string().optional(),
})

/** All leaves of the configuration, in the order of the schema. */
export function configKeys(): readonly ConfigKey[] {
  return keysBelow('', z.toJSONSchema(StationConfig, { io: 'input', unrepresentable: 'any' }))
}

function keysBelow(path: string, node: unknown): ConfigKey[] {
  const schema = Schema.parse(node)
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, child]) => keysBelow(path === '' ? name : `${path}.${name}`, child))
  }
  const standard = schema.default === undefined ? '–' : JSON.stringify(schema.default)
  if (schema.type === 'array') {
    const inner = keysBelow(`${path}[]`, schema.items)
    return inner.length === 1 && inner[0]?.path === `${path}[]`
      ? [{ path, type: `list of ${inner[0].type}`, standard }]
      : [{ path, type: 'list', standard }, ...inner]
  }
  // An object that may be null: a row of its own, then its keys.
  const inside = (schema.anyOf ?? []).flatMap((one) => (one.properties === undefined ? [] : keysBelow(path, one)))
  return [{ path, type: typeName(schema), standard }, ...inside]
}

function typeName(schema: z.infer<typeof Schema>): string {
  if (schema.enum !== undefined) return schema.enum.join(' / ')
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => typeName(Schema.parse(one))).join(' or ')
  return [schema.type ?? 'any'].flat().join(' or ')
}
