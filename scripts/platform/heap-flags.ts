/** Whether a word of a command line says how V8 keeps its heap. */
export const isHeapFlag = (word: string): boolean => /^--(max-semi-space-size|heap-growing-percent)=/.test(word)

/** What with-node.mjs told this process about its heap, for the processes that it starts. */
export const heapFlags = process.execArgv.filter(isHeapFlag)
