// A plain Yjs peer. Usage: npm install && node hello.mjs ws://127.0.0.1:8787/sync WORKSPACE TOKEN
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const [url, workspace, token] = process.argv.slice(2)
const doc = new Y.Doc()
const provider = new WebsocketProvider(url, workspace, doc, { WebSocketPolyfill: WebSocket, params: { token } })

provider.once('sync', () => {
  const notes = doc.getText('notes')
  notes.observe((event) => {
    // The server echoes an update only once it is on disk; a later change is somebody else's.
    console.log(event.transaction.local ? 'I wrote.' : 'Somebody wrote.')
  })
  notes.insert(notes.length, '\nHello from Yjs.\n')
})
