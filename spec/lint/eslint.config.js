import { fileURLToPath } from 'node:url';
import rxjs from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/*.js', '**/*.mjs', '**/*.cjs'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked, rxjs.configs.recommended],
    languageOptions: {
      parserOptions: {
        project: ['src/tsconfig.json', 'spec/tsconfig.json', 'examples/tsconfig.json'],
        tsconfigRootDir: fileURLToPath(new URL('../..', import.meta.url)),
      },
    },
    rules: {
      // `await using server = …` is used by being disposed of.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreUsingDeclarations: true, argsIgnorePattern: '^_' },
      ],
      // Destructured, always: the members of a connection, of a pair and of marble helpers are bound.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Specs do on purpose what a pipeline should not: they subscribe inside a delivery, and throw what is no Error.
    files: ['spec/**/*.ts'],
    rules: {
      'rxjs-x/no-nested-subscribe': 'off',
      'rxjs-x/no-subscribe-in-pipe': 'off',
      'rxjs-x/no-implicit-any-catch': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
    },
  },
  {
    // A WebSocketSubject is closed by `error({ code })` and `unsubscribe()`, and may be called again.
    files: ['spec/client/webSocket/**/*.ts'],
    rules: {
      'rxjs-x/throw-error': 'off',
      'rxjs-x/no-subject-unsubscribe': 'off',
      'rxjs-x/no-redundant-notify': 'off',
    },
  },
);
