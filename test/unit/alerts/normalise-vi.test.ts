// What is read on air, as announcers read it. The table is the specification; the properties say that whatever is written,
// no digit is lost and none is left for the voice to guess.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseVi } from '../../../station/alerts/render/normalise-vi.ts'
import { digitWords, integerWords } from '../../../station/alerts/render/numbers-vi.ts'
import { numberOf } from '../../support/vietnamese-numbers.ts'

test.each([
  ['0', 'không'],
  ['5', 'năm'],
  ['10', 'mười'],
  ['15', 'mười lăm'],
  ['21', 'hai mươi mốt'],
  ['24', 'hai mươi tư'],
  ['55', 'năm mươi lăm'],
  ['101', 'một trăm linh một'],
  ['110', 'một trăm mười'],
  ['1005', 'một nghìn không trăm linh năm'],
  ['2026', 'hai nghìn không trăm hai mươi sáu'],
  ['1000000', 'một triệu'],
  ['007', 'không không bảy'],
])('%s is %s', (digits, words) => {
  expect(integerWords(digits)).toBe(words)
})

test.each([
  // Times.
  ['02h30', 'hai giờ ba mươi phút'],
  ['14:05', 'mười bốn giờ năm phút'],
  ['14h', 'mười bốn giờ'],
  ['14h00', 'mười bốn giờ đúng'],
  ['lúc 5 giờ 30 phút sáng', 'lúc năm giờ ba mươi phút sáng'],
  ['17:00:30', 'mười bảy giờ đúng ba mươi giây'],
  ['từ 07:00-20:00', 'từ bảy giờ đúng đến hai mươi giờ đúng'],
  ['7h-20h hằng ngày', 'bảy giờ đến hai mươi giờ hằng ngày'],
  ['trực 24/24', 'trực hai mươi tư trên hai mươi tư'],
  ['24-48 giờ tới', 'hai mươi tư đến bốn mươi tám giờ tới'],
  // Dates.
  ['21/11/2026', 'ngày hai mươi mốt tháng mười một năm hai nghìn không trăm hai mươi sáu'],
  ['ngày 21/11', 'ngày hai mươi mốt tháng mười một'],
  ['21/11', 'ngày hai mươi mốt tháng mười một'],
  ['đêm 5/4', 'đêm năm tháng tư'],
  ['6-7/9', 'ngày sáu đến ngày bảy tháng chín'],
  ['01-05-2026', 'ngày một tháng năm năm hai nghìn không trăm hai mươi sáu'],
  ['tháng 4, thứ 4, tháng 11/2026', 'tháng tư, thứ tư, tháng mười một năm hai nghìn không trăm hai mươi sáu'],
  // Amounts and units.
  ['12,5 m', 'mười hai phẩy năm mét'],
  ['0,05%', 'không phẩy không năm phần trăm'],
  ['1.234.567 người', 'một triệu hai trăm ba mươi tư nghìn năm trăm sáu mươi bảy người'],
  ['2.500 m3/s', 'hai nghìn năm trăm mét khối trên giây'],
  ['103–117 km/h', 'một trăm linh ba đến một trăm mười bảy ki lô mét trên giờ'],
  ['100-300 mm, có nơi > 450 mm', 'một trăm đến ba trăm mi li mét, có nơi trên bốn trăm năm mươi mi li mét'],
  ['150 mm/24h', 'một trăm năm mươi mi li mét trong hai mươi tư giờ'],
  ['38,5°C', 'ba mươi tám phẩy năm độ C'],
  ['-5 độ', 'âm năm độ'],
  ['1/2 dân số', 'một phần hai dân số'],
  ['18.9N 118.0E', 'mười tám phẩy chín độ vĩ Bắc một trăm mười tám phẩy không độ kinh Đông'],
  // Levels.
  ['cấp 3', 'cấp ba'],
  ['gió cấp 11-12, giật cấp 15', 'gió cấp mười một đến mười hai, giật cấp mười lăm'],
  ['báo động III, BĐ3, cấp IV', 'báo động ba, báo động ba, cấp bốn'],
  // Telephone.
  ['gọi 114 hoặc 115', 'gọi một một bốn hoặc một một năm'],
  ['0912.345.678', 'không chín một hai, ba bốn năm, sáu bảy tám'],
  ['Điện thoại: 0204 3856 789', 'Điện thoại: không hai không bốn, ba tám năm sáu, bảy tám chín'],
  ['+84 912 345 678', 'cộng tám tư chín một hai, ba bốn năm, sáu bảy tám'],
  // Abbreviations and signs.
  ['UBND xã, BCH PCTT TP. Yên Bái', 'Ủy ban nhân dân xã, Ban chỉ huy phòng chống thiên tai thành phố Yên Bái'],
  ['TP Lào Cai & TX. Sa Pa', 'thành phố Lào Cai và thị xã Sa Pa'],
  ['ATNĐ, KTTV', 'áp thấp nhiệt đới, khí tượng thủy văn'],
  ['QL4D, Km12', 'quốc lộ bốn D, ki lô mét mười hai'],
  ['18/2021/QĐ-TTg', 'mười tám năm hai nghìn không trăm hai mươi mốt quyết định của Thủ tướng'],
  ['Bảo Yên 111 thôn', 'Bảo Yên một trăm mười một thôn'],
  ['không có số nào', 'không có số nào'],
])('%s', (written, spoken) => {
  expect(normaliseVi(written)).toBe(spoken)
})

describe('properties', () => {
  test('every amount up to 12 digits is said so that it can be understood back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999_999_999n }), (value) => {
        expect(numberOf(integerWords(String(value)))).toBe(value)
      }),
      { numRuns: 3000 },
    )
  })

  test('a bare run of digits keeps every digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,20}$/), (digits) => {
        const spoken = normaliseVi(`mã ${digits}`).slice(3)
        const asPhone = digitWords(digits)
        const understood = spoken.replaceAll(',', '') === asPhone || numberOf(spoken) === BigInt(digits)
        expect(understood, `${digits} → ${spoken}`).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  test('whatever is written, no digit is left unsaid and none is swallowed', () => {
    const piece = fc.oneof(
      fc.stringMatching(/^\d{1,4}$/),
      fc.constantFrom(
        '/',
        '-',
        ':',
        '.',
        ',',
        ' ',
        'h',
        'm',
        'km/h',
        '%',
        'ngày ',
        'cấp ',
        'tháng ',
        'mm',
        ' đến ',
        '°C',
        'TP',
        '(',
        ')',
        '\n',
        'N',
        '+84',
        '>',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const written = pieces.join('')
        const spoken = normaliseVi(written)
        expect(spoken).not.toMatch(/\p{Nd}/u)
        const runs = (written.match(/\d+/g) ?? []).length
        // "vuông" and "khối" say the digit of m2 and m3.
        const numerals = spoken.match(/không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|đúng|nhất|vuông|khối/g) ?? []
        expect(numerals.length, `${JSON.stringify(written)} → ${spoken}`).toBeGreaterThanOrEqual(runs)
      }),
      { numRuns: 5000 },
    )
  })
})
