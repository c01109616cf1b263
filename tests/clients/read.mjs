// Reads a file of RDF with N3.js and prints its quads as N-Quads: node read.mjs FILE MEDIA-TYPE
import { readFileSync } from 'node:fs'
import { Parser, Writer } from 'n3'

const [path, format] = process.argv.slice(2)
const quads = new Parser({ format, blankNodePrefix: '_:' }).parse(readFileSync(path, 'utf8'))
const writer = new Writer({ format: 'N-Quads' })
writer.addQuads(quads)
writer.end((error, text) => {
  if (error) throw error
  process.stdout.write(text)
})
