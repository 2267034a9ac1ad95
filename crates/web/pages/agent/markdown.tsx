// The Markdown of scripts, as nodes and never as HTML: what somebody wrote as a tag is shown as the text that it is. Headings,
// paragraphs, lists, things to tick, tables, quotes, rules, code, strong, emphasis, links to http(s) addresses.
import type { ComponentChild } from "preact";

type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "text" | "quote"; text: string }
  | { kind: "code"; text: string }
  | { kind: "list"; ordered: boolean; items: { text: string; tick: boolean | null }[] }
  | { kind: "table"; head: string[]; rows: string[][] }
  | { kind: "rule" };

const isRow = (line: string | undefined): boolean => /^\s*\|.*\|\s*$/.test(line ?? "");
const isUnderline = (line: string | undefined): boolean => isRow(line) && /^[\s|:-]+$/.test(line!);
const cells = (line: string): string[] => line.trim().slice(1, -1).split("|").map((cell) => cell.trim());

export function blocksOf(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.replaceAll("\r\n", "\n").split("\n");
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    const heading = /^(#{1,4})\s+(.*)$/.exec(line);
    const item = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;
    if (/^\s*$/.test(line)) at += 1;
    else if (line.startsWith("```")) {
      const end = lines.findIndex((other, n) => n > at && other.startsWith("```"));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(at + 1, last).join("\n") });
      at = last + 1;
    } else if (heading) {
      blocks.push({ kind: "heading", level: heading[1]!.length, text: heading[2]! });
      at += 1;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      blocks.push({ kind: "rule" });
      at += 1;
    } else if (isRow(line) && isUnderline(lines[at + 1])) {
      const rows: string[][] = [];
      const head = cells(line);
      for (at += 2; isRow(lines[at]); at += 1) rows.push(cells(lines[at]!));
      blocks.push({ kind: "table", head, rows });
    } else if (item.test(line)) {
      const items: { text: string; tick: boolean | null }[] = [];
      const ordered = item.exec(line)![1] !== undefined;
      for (; at < lines.length && (item.test(lines[at]!) || /^\s{2,}\S/.test(lines[at]!)); at += 1) {
        const found = item.exec(lines[at]!);
        const tick = /^\[([ xX])\]\s+(.*)$/.exec(found?.[2] ?? "");
        if (!found) items.at(-1)!.text += ` ${lines[at]!.trim()}`;
        else items.push(tick ? { text: tick[2]!, tick: tick[1] !== " " } : { text: found[2]!, tick: null });
      }
      blocks.push({ kind: "list", ordered, items });
    } else {
      const quote = line.startsWith(">");
      const text: string[] = [];
      for (; at < lines.length && !/^\s*$/.test(lines[at]!) && !/^(#{1,4}\s|```)/.test(lines[at]!) && lines[at]!.startsWith(">") === quote && (quote || !item.test(lines[at]!)); at += 1) {
        text.push(lines[at]!.replace(/^>\s?/, ""));
      }
      blocks.push({ kind: quote ? "quote" : "text", text: text.join("\n") });
    }
  }
  return blocks;
}

const INLINE = /(`[^`]+`)|(\*\*.+?\*\*(?!\*))|(\*[^*\s][^*]*\*)|(\[[^\]]+\]\([^)\s]+\))/;

function inline(text: string): ComponentChild[] {
  const parts: ComponentChild[] = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index) parts.push(rest.slice(0, found.index));
    const [whole] = found;
    if (found[1]) parts.push(<code>{whole.slice(1, -1)}</code>);
    else if (found[2]) parts.push(<strong>{inline(whole.slice(2, -2))}</strong>);
    else if (found[3]) parts.push(<em>{inline(whole.slice(1, -1))}</em>);
    else parts.push(linkOf(whole));
    rest = rest.slice(found.index + whole.length);
  }
  if (rest) parts.push(rest);
  return parts;
}

// Only an address that a browser opens as a page; any other stays text.
export function addressOf(text: string): string | null {
  try {
    const url = new URL(text, "https://relative.invalid/");
    return /^https?:\/\//i.test(text) && (url.protocol === "https:" || url.protocol === "http:") ? url.href : null;
  } catch {
    return null;
  }
}

function linkOf(whole: string): ComponentChild {
  const [, label, target] = /^\[([^\]]+)\]\(([^)\s]+)\)$/.exec(whole)!;
  const address = addressOf(target!);
  return address ? <a href={address} target="_blank" rel="noopener noreferrer">{inline(label!)}</a> : whole;
}

export function Markdown({ source }: { source: string }) {
  return (
    <div class="markdown">
      {blocksOf(source).map((block, at) => {
        switch (block.kind) {
          case "heading": {
            const Heading = block.level === 1 ? "h3" : "h4";
            return <Heading key={at}>{inline(block.text)}</Heading>;
          }
          case "text": return <p key={at}>{inline(block.text)}</p>;
          case "quote": return <blockquote key={at}>{inline(block.text)}</blockquote>;
          case "code": return <pre key={at}>{block.text}</pre>;
          case "table": return (
            <div class="scroll" tabIndex={0} key={at}><table>
              <thead><tr>{block.head.map((cell, n) => <th key={n}>{inline(cell)}</th>)}</tr></thead>
              <tbody>{block.rows.map((row, n) => <tr key={n}>{row.map((cell, m) => <td key={m}>{inline(cell)}</td>)}</tr>)}</tbody>
            </table></div>
          );
          case "rule": return <hr key={at} />;
          case "list": {
            const items = block.items.map((item, n) => item.tick === null
              ? <li key={n}>{inline(item.text)}</li>
              : <li key={n} class="tick-item"><label class="line"><input type="checkbox" defaultChecked={item.tick} /><span>{inline(item.text)}</span></label></li>);
            return block.ordered ? <ol key={at}>{items}</ol> : <ul key={at}>{items}</ul>;
          }
        }
      })}
    </div>
  );
}
