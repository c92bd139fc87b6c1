/** Calls `work` again and again, `pauseMs()` after each end, until the returned function is called. `work` must not reject. */
export function repeat(work: () => Promise<void>, pauseMs: () => number): () => void {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const schedule = () => {
    if (stopped) return
    timer = setTimeout(() => void work().finally(schedule), pauseMs())
    // The server keeps the process alive, not this.
    timer.unref()
  }
  schedule()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
