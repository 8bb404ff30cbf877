import { describe, expect, test } from 'vitest'
import { contrastRatio, deltaE2000, dichromatDistance } from '../../../renderer/theme/contrast.ts'
import { contrastPairs, palettes } from '../../../renderer/theme/tokens.ts'

describe('token table', () => {
  for (const [theme, palette] of Object.entries(palettes)) {
    test.each(contrastPairs)(`${theme}: %s on %s is at least %s:1`, (ink, ground, least) => {
      expect(contrastRatio(palette[ink], palette[ground])).toBeGreaterThanOrEqual(least)
    })
    test(`${theme}: on-air red and preview green stay apart for dichromats`, () => {
      expect(dichromatDistance(palette.onair, palette.preview, 'protan')).toBeGreaterThan(15)
      expect(dichromatDistance(palette.onair, palette.preview, 'deutan')).toBeGreaterThan(15)
    })
    test(`${theme}: fault amber is never taken for preview green`, () => {
      expect(dichromatDistance(palette.p2, palette.preview, 'protan')).toBeGreaterThan(10)
      expect(dichromatDistance(palette.p2, palette.preview, 'deutan')).toBeGreaterThan(10)
    })
  }
})

describe('maths', () => {
  test('black on white is 21:1', () => {
    expect(contrastRatio('#000000', '#ffffff')).toBeCloseTo(21, 5)
  })
  // Vectors of the figures measured in UX.md.
  test('#B71C1C on #E4E6E8 is 5.2:1 and carries white at 6.6:1', () => {
    expect(contrastRatio('#b71c1c', '#e4e6e8')).toBeCloseTo(5.25, 1)
    expect(contrastRatio('#b71c1c', '#ffffff')).toBeCloseTo(6.6, 1)
  })
  // Sharma, Wu, Dalal 2005, table 1, pairs 1, 7 and 17.
  test.each([
    [[50, 2.6772, -79.7751], [50, 0, -82.7485], 2.0425],
    [[50, 0, 0], [50, -1, 2], 2.3669],
    [[50, 2.5, 0], [73, 25, -18], 27.1492],
  ] as const)('CIEDE2000 of %j and %j', (one, other, expected) => {
    expect(deltaE2000(one, other)).toBeCloseTo(expected, 3)
  })
})
