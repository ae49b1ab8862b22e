// A network between the browser and the server that can be cut: connections break, new ones are
// refused, and the server keeps running.
import { connect, createServer } from 'node:net'

export class Network {
  #server
  #sockets = new Set()

  static async to(address) {
    const [host, port] = address.split(':')
    const network = new Network()
    network.#server = createServer((near) => network.#join(near, connect({ host, port: Number(port) })))
    await network.#listen(0)
    network.address = `127.0.0.1:${network.#server.address().port}`
    return network
  }

  cut() {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  async mend() {
    await this.#listen(Number(this.address.split(':')[1]))
  }

  close() {
    if (this.#server.listening) this.cut()
  }

  #listen(port) {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
  }

  #join(near, far) {
    for (const [one, other] of [[near, far], [far, near]]) {
      this.#sockets.add(one)
      one.setNoDelay(true)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
  }
}
