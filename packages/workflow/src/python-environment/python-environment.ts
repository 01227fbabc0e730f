/** What is happening while an environment is made; nothing is said when it is there already. */
export interface PythonEnvironmentProgress {
  readonly phase: 'waiting' | 'creating' | 'installing';
  /** For people; holds no passwords. */
  readonly message: string;
}

/** A Python that has what a plugin needs. */
export interface PythonEnvironment {
  /** The absolute path of the Python: `connectPlugin({ python: 'train.py', interpreter })`. */
  readonly interpreter: string;
  /** As in `3.11.7`. */
  readonly version: string;
  /** The folder of the environment; undefined when a Python is used as it is. */
  readonly folder: string | undefined;
  /** Whether it was made by this call. */
  readonly isMade: boolean;
}
