/** Links in the pages lead somewhere: files that exist, headings that exist. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sourceFiles, type Violation } from './tree.js'

export function linkViolations(root: string): Violation[] {
  const pages = sourceFiles(root, (path) => path.endsWith('.md'))
  return pages.flatMap(({ path, text }) =>
    linksOf(text).flatMap((target) => {
      const problem = problemOf(root, path, target)
      return problem ? [`${path}: ${problem}`] : []
    }),
  )
}

/** Targets of links and pictures, without those in code. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')
  const inline = [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
  const defined = [...prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)]
  return [...inline, ...defined].map((match) => match[1] ?? '')
}

function problemOf(root: string, page: string, target: string): string | undefined {
  if (/^(?:https?|mailto):/.test(target)) return undefined
  const [file = '', heading] = target.split('#')
  const path = file === '' ? join(root, page) : join(root, dirname(page), decodeURI(file))
  if (!existsSync(path)) return `link to ${target}: no such file`
  if (heading === undefined || statSync(path).isDirectory()) return undefined
  return headingsOf(readFileSync(path, 'utf8')).has(heading) ? undefined : `link to ${target}: no such heading`
}

/** Anchors as code hosts make them: lower case, spaces to hyphens, punctuation gone. */
function headingsOf(text: string): Set<string> {
  const titles = [...text.matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map((match) => match[1] ?? '')
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  )
}
