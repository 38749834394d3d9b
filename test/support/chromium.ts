import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { inflate } from '@sparticuz/chromium'
import type { LaunchOptions } from 'playwright'

const pack = resolve(createRequire(import.meta.url).resolve('@sparticuz/chromium'), '../..')

/**
 * Playwright launch options for the browser under test. On Linux x64 that is the Chromium of the
 * `@sparticuz/chromium` package, with the libraries and fonts that package brings, unpacked once
 * per version into the temporary directory. Elsewhere (the package is x64 Linux only) it is the
 * installed Chrome.
 */
export async function chromium(): Promise<LaunchOptions> {
  const args = ['--disable-quic']
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome', args }
  const dir = await unpacked()
  return {
    executablePath: join(dir, 'chromium'),
    args,
    env: {
      ...process.env,
      FONTCONFIG_PATH: join(dir, 'fonts'),
      LD_LIBRARY_PATH: [join(dir, 'al2023/lib'), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
    },
  }
}

async function unpacked(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(pack, 'package.json'), 'utf8')) as { version: string }
  const dir = join(tmpdir(), `sparticuz-chromium-${version}-${process.getuid?.()}`)
  if (existsSync(dir)) return dir
  const staging = await mkdtemp(`${dir}-`)
  try {
    await Promise.all(inflateInto(staging))
    const conf = join(staging, 'fonts/fonts.conf')
    await writeFile(conf, (await readFile(conf, 'utf8')).replaceAll('/tmp/', `${dir}/`))
    await rename(staging, dir)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    if (!existsSync(dir)) throw error
  }
  return dir
}

// `inflate` asks for the temporary directory when called, not later.
function inflateInto(dir: string): Promise<string>[] {
  const folder = process.env['TMPDIR']
  process.env['TMPDIR'] = dir
  try {
    return ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'].map((name) =>
      inflate(join(pack, 'bin', name)),
    )
  } finally {
    if (folder === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = folder
  }
}
