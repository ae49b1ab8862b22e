// An unmodified y-websocket provider. Arguments: server address, workspace, token.
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { drive, say, saySynced } from './driver.mjs'

const [address, workspace, token] = process.argv.slice(2)
const doc = new Y.Doc()
let connections = 0
const provider = new WebsocketProvider(`ws://${address}/sync`, workspace, doc, {
  WebSocketPolyfill: WebSocket,
  disableBc: true,
  params: { token },
})
provider.on('sync', saySynced)
provider.on('status', ({ status }) => {
  if (status === 'connected') connections += 1
  say({ connected: status === 'connected', connections })
})
provider.on('closed', ({ code, reason }) => {
  say({ closed: { code, reason: String(reason), retries: provider.shouldConnect } })
})
drive(doc, provider.awareness, () => provider.destroy())
