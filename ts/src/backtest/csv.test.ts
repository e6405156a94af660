import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine, readCsv, splitLine } from './csv.js'

describe('a CSV line', () => {
  test('is quoted only where it must be', () => {
    expect(csvLine(['a', 'b,c', 'say "no"', ''])).toBe('a,"b,c","say ""no""",\n')
  })

  test('gives back the fields it was written of', () => {
    const field = fc.string().map((text) => text.replace(/[\r\n]/g, ''))
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(splitLine(csvLine(fields).slice(0, -1), 'x')).toEqual(fields)
      }),
    )
  })

  test.each([
    ['a quote that does not end', '"a', 'column 1: a quoted field that does not end'],
    ['text after a quoted field', 'b,"a"c', 'column 6: text after a quoted field'],
    ['a quote in the middle', 'a"b', 'column 1: a quote inside a field'],
  ])('with %s is refused', (_what, line, message) => {
    expect(() => splitLine(line, 'f.csv:3')).toThrow(expect.objectContaining({ code: 'E_CSV' }))
    expect(() => splitLine(line, 'f.csv:3')).toThrow(`f.csv:3: ${message}`)
  })
})

describe('a CSV file', () => {
  test.each([
    ['an empty file', '', 'the file is empty'],
    ['another header', 'a\n', ':1: the header is "a", expected "a,b"'],
    ['a row that is too short', 'a,b\n1,2\n3\n', ':3: 1 fields, expected 2'],
  ])('that is %s is refused', async (_what, text, message) => {
    const folder = mkdtempSync(join(tmpdir(), 'csv-'))
    const path = join(folder, 'x.csv')
    writeFileSync(path, text)
    const readAll = async () => {
      for await (const _row of readCsv(path, ['a', 'b']));
    }
    await expect(readAll()).rejects.toThrow(message)
    rmSync(folder, { recursive: true })
  })
})
