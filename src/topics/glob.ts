/** Whether `topic` fits `pattern`, in which `*` stands for any characters. In linear time, whatever the pattern. */
export function glob(pattern: string): (topic: string) => boolean {
  const [first, ...rest] = pattern.split('*') as [string, ...string[]];
  const last = rest.pop();
  if (last === undefined) return (topic) => topic === pattern;
  return (topic) => {
    if (topic.length < first.length + last.length) return false;
    if (!topic.startsWith(first) || !topic.endsWith(last)) return false;
    let at = first.length;
    const end = topic.length - last.length;
    for (const part of rest) {
      const found = topic.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
