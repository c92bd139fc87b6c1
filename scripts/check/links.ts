import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { filesUnder } from './files.ts'

/** Links in the repository's Markdown that lead to a file or heading that is not there, one line each. */
export function findDeadLinks(root: string): string[] {
  return filesUnder(root, ['.md']).flatMap((page) =>
    linksIn(readFileSync(join(root, page), 'utf8')).flatMap((link) => {
      const [path = '', fragment] = link.split('#')
      const target = path === '' ? page : normalize(join(dirname(page), decodeURI(path)))
      if (!existsSync(join(root, target))) return [`${page} links to ${link}, which is not there`]
      if (!fragment || !target.endsWith('.md')) return []
      const known = headingsIn(readFileSync(join(root, target), 'utf8')).includes(fragment)
      return known ? [] : [`${page} links to ${link}, but ${target} has no such heading`]
    }),
  )
}

function linksIn(markdown: string): string[] {
  const inline = proseOf(markdown).matchAll(/\]\(<?([^)>\s]+)>?(?:\s+"[^"]*")?\)/g)
  const references = proseOf(markdown).matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)
  return [...inline, ...references].map(([, link = '']) => link).filter((link) => !/^[a-z][a-z+.-]*:/i.test(link))
}

/** The names under which headings can be linked to, as GitHub gives them. */
function headingsIn(markdown: string): string[] {
  return [...proseOf(markdown, '$1').matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

// Code is no prose: what looks like a link or a heading there is none. Headings keep the words of their code spans.
function proseOf(markdown: string, codeSpan = ''): string {
  return markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`([^`\n]*)`/g, codeSpan)
}
