// The test that runs this script: it owns the server, and does to it what a scenario asks for.
import { createInterface } from 'node:readline'

export class Test {
  #lines = createInterface({ input: process.stdin })
  #answers = this.#lines[Symbol.asyncIterator]()

  /** Has something done to the server, or on it; returns what the test answers. */
  async ask(what, details = {}) {
    this.tell({ ask: what, ...details })
    const { value, done } = await this.#answers.next()
    if (done) throw new Error(`the test ended instead of answering ${what}`)
    const { answer, error } = JSON.parse(value)
    if (error !== undefined) throw new Error(`${what}: ${error}`)
    return answer
  }

  tell(message) {
    process.stdout.write(`${JSON.stringify(message)}\n`)
  }

  close() {
    this.#lines.close()
  }
}
