import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const BEGIN = '<!-- peers: begin -->'
const END = '<!-- peers: end -->'

/** Replaces what stands between the marks of the performance page. */
export function writePage(text: string): void {
  writeFileSync(PAGE, replaced(readFileSync(PAGE, 'utf8'), text))
}

/** A page with other text between its marks. Throws where it has none. */
export function replaced(page: string, text: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (from < 0 || to < from)
    throw new Error(`the page has no ${BEGIN} with ${END} after it: put them where the table goes`)
  return `${page.slice(0, from + BEGIN.length)}\n\n${text.trim()}\n\n${page.slice(to)}`
}
