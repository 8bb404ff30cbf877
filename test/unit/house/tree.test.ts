// House rules about the files themselves: nothing of one machine in them, names and sizes, a header that says why.
import { describe, expect, it } from 'vitest'
import { projectFiles, textOf } from './tree.ts'

const files = projectFiles()
const sources = files.filter((path) => /\.(ts|tsx|mjs|js)$/.test(path))

/** Put together here so that this file does not accuse itself. */
const anywhere = [
  new RegExp(`/${'work'}/(main|shared)\\b`),
  new RegExp(`${'registry'}\\.[a-z]+(js)?\\.(org|com|net)`),
  new RegExp(`${'_auth'}Token`),
]
/** A test may use such a path as an example of one. */
const outsideTests = [new RegExp(`/${'home'}/[a-z]`), new RegExp(`/${'root'}/[a-z.]`), new RegExp(`/${'Users'}/[a-z]`, 'i')]

describe('the tree', () => {
  it('is found', () => {
    expect(sources.length).toBeGreaterThan(30)
  })

  it('names no machine, home folder, registry or secret', () => {
    const guilty = files.flatMap((path) => {
      const text = textOf(path)
      const patterns = path.startsWith('test/') ? anywhere : [...anywhere, ...outsideTests]
      return text === null ? [] : patterns.filter((pattern) => pattern.test(text)).map((pattern) => `${path}: ${pattern.source}`)
    })
    expect(guilty).toEqual([])
  })

  it('has kebab-case source names', () => {
    const name = /^[a-z0-9]+([-.][a-z0-9]+)*\.(ts|tsx|mjs|js)$/
    expect(sources.filter((path) => !name.test(path.split('/').at(-1) ?? ''))).toEqual([])
  })

  it('has no source file that grew into the place where it all meets', () => {
    const long = sources
      .filter((path) => !path.startsWith('test/'))
      .map((path) => `${path} ${textOf(path)?.split('\n').length ?? 0}`)
      .filter((row) => Number(row.split(' ')[1]) > 650)
    expect(long).toEqual([])
  })

  it('opens every source file with a comment that says what it is for', () => {
    const bare = sources
      .filter((path) => !path.includes('.test.'))
      .filter((path) => !/^(#![^\n]*\n)?\s*(\/\/|\/\*)/.test(textOf(path) ?? ''))
    expect(bare).toEqual([])
  })

  it('leaves no unfinished business behind', () => {
    const marks = new RegExp(`\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['XX', 'X'].join('')})\\b(?!\\(#\\d+\\))`)
    expect(sources.filter((path) => marks.test(textOf(path) ?? ''))).toEqual([])
  })
})
