// OpenAPI 3.1 and AsyncAPI 3.0 of the province, built from the contract's tables, so that the documents cannot drift from the code.
import { z } from 'zod'
import {
  type ProvinceAnswer,
  type ProvinceRoute,
  provinceContractVersion,
  provinceRoutes,
  provinceTopics,
} from '../../../shared/province-contract.ts'

const info = {
  title: 'Trực Sóng: province and station',
  version: provinceContractVersion,
  license: { name: 'GPL-3.0-or-later' },
}

export function provinceOpenApi(): unknown {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [operationId, route] of Object.entries(provinceRoutes) as [string, ProvinceRoute][]) {
    paths[route.path] = { [route.method.toLowerCase()]: operation(operationId, route) }
  }
  return {
    openapi: '3.1.0',
    info: { ...info, description: 'HTTPS is the truth; the MQTT doorbell is in asyncapi.json.' },
    paths,
    components: { securitySchemes: { station: { type: 'http', scheme: 'bearer' } } },
    security: [{ station: [] }],
  }
}

export function provinceAsyncApi(): unknown {
  const channels: Record<string, unknown> = {}
  const operations: Record<string, unknown> = {}
  for (const [name, topic] of Object.entries(provinceTopics)) {
    channels[name] = {
      address: topic.address,
      parameters: { stationId: {} },
      messages: { [name]: { contentType: 'application/json', payload: schemaOf(topic.payload) } },
    }
    operations[`receive-${name}`] = { action: 'receive', channel: { $ref: `#/channels/${name}` }, summary: topic.summary }
  }
  return {
    asyncapi: '3.0.0',
    info: {
      ...info,
      description: 'MQTT 5 is the doorbell. A nudge carries no order; what counts is fetched over HTTPS and proven by its signature.',
    },
    defaultContentType: 'application/json',
    channels,
    operations,
  }
}

function operation(operationId: string, route: ProvinceRoute): unknown {
  return {
    operationId,
    summary: route.summary,
    parameters: [...parameters('path', route.params, true), ...parameters('header', route.requestHeaders, route.method === 'POST')],
    ...(route.request === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(route.request) } } } }),
    responses: Object.fromEntries(route.answers.map((answer) => [String(answer.status), response(answer)])),
  }
}

function parameters(place: 'path' | 'header', named: Readonly<Record<string, string>>, required: boolean): unknown[] {
  return Object.entries(named).map(([name, description]) => ({ name, in: place, required, description, schema: { type: 'string' } }))
}

function response({ when, mediaType, schema, headers }: ProvinceAnswer): unknown {
  return {
    description: when,
    ...(headers === undefined
      ? {}
      : {
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
          ),
        }),
    ...(mediaType === undefined ? {} : { content: { [mediaType]: content(mediaType, schema) } }),
  }
}

/** A JWS is text whose payload has the schema; a file is bytes; the rest is JSON. */
function content(mediaType: string, schema: z.ZodType | undefined): unknown {
  if (mediaType === 'application/json' && schema !== undefined) return { schema: schemaOf(schema) }
  if (schema === undefined) return {}
  return { schema: { type: 'string', contentMediaType: 'application/json', contentSchema: schemaOf(schema) } }
}

function schemaOf(schema: z.ZodType): unknown {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any' }) as Record<string, unknown>
  return rest
}
