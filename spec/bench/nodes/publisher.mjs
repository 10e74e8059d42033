// The node that publishes, until the other one has told that it heard all.
import { answer } from '../answer.mjs';
import { windowed } from './publishing.mjs';
import { voice } from './voices.mjs';

const { publish, message } = await voice();
const { port, publish: all } = await windowed(() => publish(message));
answer({ port }, { publish: all });
