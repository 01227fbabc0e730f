export class Broken {
  execute( {
}
