type Facts = Readonly<Record<string, unknown>>;

/** What the SDK has in the data of its steps, told by ours: the same under other names. */
export function stepFacts(name: string, data: Facts): Facts {
  if (name === 'convert') {
    const { configPath, ...rest } = data;
    return configPath === undefined ? rest : { ...rest, config_path: configPath };
  }
  if (name === 'model_upload' && 'model' in data) {
    const { model, modelId: _, ...rest } = data;
    return { ...rest, model_id: model };
  }
  return data;
}

/** Which models an undo would delete; how they are written down is nobody's business but the step's. */
export function undoFacts(_name: string, undo: Facts): Facts {
  const models = Object.entries(undo).flatMap(([key, record]) =>
    key.startsWith('model:') && record !== null ? [(record as { readonly id?: unknown }).id] : [],
  );
  return models.length > 0 ? { models } : {};
}
