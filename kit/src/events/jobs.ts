import type { Backstage } from '../subgraph.ts'

/** Work that a domain does by itself, again and again. With several replicas, one runs it at a time. */
export interface Job<Store extends object, Services> {
  name: string
  everySeconds: number
  /** Must be safe to run twice and to be killed at any point; does a bounded amount of work. */
  run(backstage: Backstage<Store, Services>): Promise<void>
}

export function defineJob<Store extends object, Services>(job: Job<Store, Services>): Job<Store, Services> {
  return job
}
