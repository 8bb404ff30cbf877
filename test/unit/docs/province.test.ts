// docs/province/ says what the code does: both documents are built from the contract's tables and compared byte by byte.
// After a change of the contract: UPDATE_PROVINCE_DOCS=1 with this file, and look at the difference.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nudgeTopic, provinceRoutes, provinceTopics, routePath } from '../../../shared/province-contract.ts'
import { provinceAsyncApi, provinceOpenApi } from './province-documents.ts'

const folder = join(import.meta.dirname, '../../../docs/province')

describe('docs/province', () => {
  it.each([
    ['openapi.json', provinceOpenApi],
    ['asyncapi.json', provinceAsyncApi],
  ] as const)('%s is what the code says', (name, build) => {
    const path = join(folder, name)
    const text = `${JSON.stringify(build(), null, 2)}\n`
    if (process.env['UPDATE_PROVINCE_DOCS'] === '1') writeFileSync(path, text)
    expect(readFileSync(path, 'utf8')).toBe(text)
  })

  it('names every route and topic in the README', () => {
    const page = readFileSync(join(folder, 'README.md'), 'utf8')
    for (const { method, path } of Object.values(provinceRoutes)) expect(page).toContain(`${method} ${path}`)
    for (const { address } of Object.values(provinceTopics)) expect(page).toContain(address)
  })

  it('fills parameters into paths and topics without letting them change the shape', () => {
    expect(routePath('manifest', { stationId: '../a/b?c' })).toBe('/v1/stations/..%2Fa%2Fb%3Fc/manifest')
    expect(nudgeTopic('a/+/#')).toBe('truc-song/v1/stations/a____/nudge')
  })
})
