// What the browser keeps for this site between visits; where it keeps nothing, everything works until the page is left.

/** A value per name in `localStorage`, under the site's mount, since several sites may share a host. */
export class Store {
  constructor(mount, storage = () => globalThis.localStorage) {
    this.name = (name) => `kgpub:${mount}:${name}`;
    this.storage = storage;
  }

  /** The value kept under a name; undefined where there is none or it cannot be read. */
  read(name) {
    try {
      return JSON.parse(this.storage().getItem(this.name(name)) ?? "null") ?? undefined;
    } catch {
      return undefined;
    }
  }

  /** Keep a value, if the browser lets us. */
  write(name, value) {
    try {
      this.storage().setItem(this.name(name), JSON.stringify(value));
    } catch {
      // a full or forbidden storage costs the memory of this visit, nothing else
    }
  }
}
