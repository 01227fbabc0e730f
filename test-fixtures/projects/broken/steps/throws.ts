interface Settings {
  readonly folder?: string;
}

function read(settings: Settings): string {
  if (settings.folder === undefined) throw new TypeError('no folder is set');
  return settings.folder;
}

export const folder = read({});
