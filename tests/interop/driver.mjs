// Drives a Y.Doc by JSON lines: edits come on standard input, and what the client sees goes to
// standard output, as objects of which each replaces the fields that it holds.
//
// Places in texts are given in thousandths of their length, so that a script of edits means the
// same to clients that count bytes, characters or UTF-16 code units.
import { createInterface } from 'node:readline'
import * as Y from 'yjs'

/** Tells the test what has changed for this client. */
export const say = (seen) => process.stdout.write(`${JSON.stringify(seen)}\n`)

/** Tells the test whether the document is synchronised, after what it then holds. */
export const saySynced = (synced) => setImmediate(say, { synced })

/** Serves edits until standard input ends; `close` then ends the provider. */
export function drive(doc, awareness, close) {
  const edits = editsOf(doc)
  const tell = telling(doc)
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const { edit, presence, ...rest } = JSON.parse(line)
      if (presence !== undefined) awareness.setLocalStateField('user', presence)
      if (edit !== undefined) doc.transact(() => edits[edit](rest))
      tell.done()
    })
    .on('close', () => {
      close()
      process.exit(0)
    })
  doc.on('afterTransaction', tell.later)
  awareness.on('change', () => say({ people: people(awareness) }))
}

function editsOf(doc) {
  const notes = doc.getText('notes')
  const steps = () => doc.getMap('plan').get('steps')
  const chosen = (pick) => {
    const ids = [...(steps()?.keys() ?? [])].sort()
    return ids[Math.floor((pick * ids.length) / 1000)]
  }
  const step = (pick) => steps()?.get(chosen(pick))
  return {
    insert: ({ at, text }) => notes.insert(place(notes, at), text),
    delete: ({ from, to }) => {
      const [start, end] = [place(notes, from), place(notes, to)]
      notes.delete(start, end - start)
    },
    add: ({ id, title, order }) => steps().set(id, newStep(title, order)),
    status: ({ pick, status }) => step(pick)?.set('status', status),
    body: ({ pick, at, text }) => {
      const body = step(pick)?.get('body')
      body?.insert(place(body, at), text)
    },
    remove: ({ pick }) => {
      const id = chosen(pick)
      if (id !== undefined) steps().delete(id)
    },
  }
}

function newStep(title, order) {
  const step = new Y.Map()
  step.set('title', new Y.Text(title))
  step.set('body', new Y.Text(''))
  step.set('status', 'draft')
  step.set('tier', 'tactical')
  step.set('order', order)
  return step
}

/** So many thousandths into a text, never inside a character. */
function place(text, thousandths) {
  const characters = [...text.toString()]
  const before = Math.floor((thousandths * characters.length) / 1000)
  return characters.slice(0, before).join('').length
}

/** Tells the document at most once a turn of the event loop. */
function telling(doc) {
  let obeyed = 0
  let due = false
  const later = () => {
    if (!due) setImmediate(tell)
    due = true
  }
  const tell = () => {
    due = false
    say({
      obeyed,
      notes: doc.getText('notes').toString(),
      plan: doc.getMap('plan').toJSON(),
      update: Buffer.from(Y.encodeStateAsUpdate(doc)).toString('hex'),
    })
  }
  const done = () => {
    obeyed += 1
    later()
  }
  return { later, done }
}

const people = (awareness) =>
  [...awareness.getStates()]
    .filter(([client, { user }]) => client !== awareness.clientID && user)
    .map(([, { user }]) => user)
