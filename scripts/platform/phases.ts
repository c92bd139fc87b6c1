export interface Phases {
  /** Says that `name` is done, and how long it took since the one before. */
  done(name: string): void
  /** Says how far a phase is that takes long, on a line that is written over; nothing where that is no terminal. */
  doing(what: string): void
  totalSeconds(): number
}

/** Shows what a start does, and for how long. */
export function showPhases(print: (line: string) => void = console.log): Phases {
  // Since the process began: loading code is a part of the start.
  let since = 0
  return {
    done(name) {
      const now = performance.now()
      print(`  ${name.padEnd(10)} ${((now - since) / 1000).toFixed(1)} s`)
      since = now
    },
    doing(what) {
      if (process.stdout.isTTY) process.stdout.write(`\r  ${what}\u001b[K\r`)
    },
    totalSeconds: () => performance.now() / 1000,
  }
}
