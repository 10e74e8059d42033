// The node that publishes, until the other one has told that it heard all.
import { answer } from '../answer.mjs';
import { windowed } from './publishing.mjs';
import { voice } from './voices.mjs';

const [name, how, bytes] = process.argv[2].split(' ');
const { publish, message } = await voice(name, how, Number(bytes));
const { port, publish: all } = await windowed(() => publish(message));
answer({ port }, { publish: all });
