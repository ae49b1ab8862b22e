// An unmodified Hocuspocus provider. Arguments: server address, workspace, token.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { drive, say, saySynced } from './driver.mjs'

/** Counts what is sent to be confirmed, and the confirmations. */
const frames = { sent: 0, confirmed: 0 }
const SYNC = 0
const SYNC_REPLY = 4
const SYNC_STATUS = 8

function kindOf(message) {
  const bytes = new Uint8Array(message)
  if (bytes.length < 2) return {}
  const decoder = createDecoder(bytes)
  readVarString(decoder)
  return { type: readVarUint(decoder), decoder }
}

class CountingSocket extends WebSocket {
  constructor(...options) {
    super(...options)
    this.on('message', (message) => {
      if (kindOf(message).type === SYNC_STATUS) frames.confirmed += 1
      say({ frames })
    })
  }

  send(message, ...options) {
    const { type, decoder } = kindOf(message)
    const isEdit = (type === SYNC || type === SYNC_REPLY) && readVarUint(decoder) !== 0
    if (isEdit) frames.sent += 1
    super.send(message, ...options)
  }
}

const [address, workspace, token] = process.argv.slice(2)
const doc = new Y.Doc()
const socket = new HocuspocusProviderWebsocket({
  url: `ws://${address}/hocuspocus`,
  WebSocketPolyfill: CountingSocket,
  delay: 100,
  minDelay: 100,
})
const provider = new HocuspocusProvider({
  websocketProvider: socket,
  name: workspace,
  token,
  document: doc,
  onSynced: ({ state }) => saySynced(state),
  onUnsyncedChanges: ({ number }) => say({ unsynced: number }),
  onAuthenticated: ({ scope }) => say({ scope }),
  onAuthenticationFailed: ({ reason }) => say({ refused: reason }),
})
provider.attach()
drive(doc, provider.awareness, () => {
  provider.destroy()
  socket.destroy()
})
