/** What a controller's author imports from `tickwright`: the words of the domain. The engine is `@tickwright/native`. */
export * from './domain/index.js'
