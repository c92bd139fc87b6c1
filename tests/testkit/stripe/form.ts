/** What a request says, as Stripe reads a form: `metadata[a]=1`, `expand[]=x` and `items[0][b]=2` are objects and lists. */
export type Param = string | Param[] | Params
export interface Params {
  [name: string]: Param
}

/** Reads a form or a query string. */
export function readForm(text: string): Params {
  const params: Params = {}
  for (const [name, value] of new URLSearchParams(text)) put(params, pathOf(name), value)
  return params
}

function pathOf(name: string): string[] {
  const [head = ''] = name.split('[', 1)
  return [head, ...[...name.slice(head.length).matchAll(/\[([^\]]*)\]/g)].map(([, part]) => part ?? '')]
}

function put(into: Params, [name = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) into[name] = value
  else if (rest[0] === '' || /^\d+$/.test(rest[0] ?? '')) putInList(listAt(into, name), rest, value)
  else put(objectAt(into, name), rest, value)
}

function putInList(list: Param[], [place = '', ...rest]: string[], value: string): void {
  const index = place === '' ? list.length : Number(place)
  if (rest.length === 0) list[index] = value
  else {
    const entry = list[index]
    const object = typeof entry === 'object' && !Array.isArray(entry) ? entry : {}
    list[index] = object
    put(object, rest, value)
  }
}

function listAt(params: Params, name: string): Param[] {
  const known = params[name]
  if (Array.isArray(known)) return known
  const list: Param[] = []
  params[name] = list
  return list
}

function objectAt(params: Params, name: string): Params {
  const known = params[name]
  if (typeof known === 'object' && !Array.isArray(known)) return known
  const object: Params = {}
  params[name] = object
  return object
}
