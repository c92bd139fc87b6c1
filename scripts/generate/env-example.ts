import { describeSettings, type SettingDescription } from '@stellr/kit'
import { distributedSections, platformSections } from '../platform/settings.ts'

const width = 116

/** The text of .env.example: every setting of every part, with what it is for. */
export function envExample(): string {
  const settings = [platformSections, distributedSections].flatMap(describeSettings)
  const sections = [...new Set(settings.map(({ section }) => section))]
  const seen = new Set<string>()
  const blocks = sections.map((section) => {
    // Two parts may read the same variable: it is described where it is first.
    const own = settings.filter((setting) => setting.section === section && !seen.has(setting.name) && seen.add(setting.name))
    const title = section === '' ? 'The platform' : section
    return [`# ---- ${title} ${'-'.repeat(60 - title.length)}`, ...own.map(entry)].join('\n\n')
  })
  return `${head}\n\n${blocks.join('\n\n')}\n`
}

const head = `# Made by pnpm generate from the settings in the code. Copy it to .env and change what you need; the environment comes
# first. npm start needs none of it: it makes up the secrets, and starts a PostgreSQL, where they are not given.`

function entry({ name, description = '', default: byDefault, example, required, secret }: SettingDescription): string {
  const remark = required ? ' (needed; npm start makes one up)' : secret && byDefault === undefined ? ' (optional)' : ''
  return `${wrap(`${description}${remark}`)}\n#${name}=${byDefault ?? example ?? ''}`
}

function wrap(text: string): string {
  const lines = ['#']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? ''
    if (last.length + word.length + 1 > width) lines.push(`# ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join('\n')
}
