import assert from "node:assert/strict";
import { test } from "node:test";
import type { ComponentChild, VNode } from "preact";
import { addressOf, blocksOf, Markdown } from "../pages/agent/markdown.tsx";

// What is drawn, as [tag, props, …children]: nodes alone, there is no HTML to inject into.
function drawn(node: ComponentChild): any {
  if (Array.isArray(node)) return node.flatMap((one) => [drawn(one)]);
  if (node === null || typeof node !== "object") return node;
  const { type, props } = node as VNode<any>;
  const { children, ...rest } = props;
  return [typeof type === "string" ? type : "component", rest, ...[children].flat(Infinity).map(drawn)];
}
const of = (source: string): string => JSON.stringify(drawn(Markdown({ source })));

test("a script's parts", () => {
  const blocks = blocksOf("# 开场\n您好，\n欢迎致电。\n\n- [ ] 核对身份\n- [x] 说明\n- 普通\n\n1. 一\n2. 二\n   续\n\n> 温馨提示\n\n---\n```\n<b>code</b>\n```");
  assert.deepEqual(blocks.map((block) => block.kind), ["heading", "text", "list", "list", "quote", "rule", "code"]);
  assert.deepEqual(blocks[2], { kind: "list", ordered: false, items: [{ text: "核对身份", tick: false }, { text: "说明", tick: true }, { text: "普通", tick: null }] });
  assert.deepEqual(blocks[3], { kind: "list", ordered: true, items: [{ text: "一", tick: null }, { text: "二 续", tick: null }] });
});

test("marks within a line, and tables", () => {
  assert.ok(of("a **b *c*** x").includes('["strong",{},"b "'), of("a **b *c*** x"));
  assert.ok(of("`d<e>`").includes('["code",{},"d<e>"]'));
  assert.deepEqual(blocksOf("| a | b |\n|---|:-:|\n| 1 | **2** |\n\nend"), [{ kind: "table", head: ["a", "b"], rows: [["1", "**2**"]] }, { kind: "text", text: "end" }]);
});

test("no tag, no script and no other address comes through", () => {
  for (const source of ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "# <svg onload=alert(1)>", "- <a href='javascript:alert(1)'>x</a>"]) {
    const tree = of(source);
    assert.ok(!/\["(script|img|svg|a)"/.test(tree), tree);
    assert.ok(!tree.includes("dangerouslySetInnerHTML"));
  }
  for (const address of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", "/agent", "file:///etc/passwd", " javascript:alert(1)", "java\tscript:alert(1)"]) {
    assert.equal(addressOf(address), null, address);
    assert.ok(!of(`[x](${address})`).includes('["a"'), address);
  }
  assert.equal(addressOf("https://bank.example/rates"), "https://bank.example/rates");
  assert.ok(of("[x](https://bank.example/rates)").includes("noopener noreferrer"));
});

test("however long and broken it is, it ends", () => {
  for (const source of ["[".repeat(5_000), "*".repeat(5_000), "`".repeat(5_000), "```\nunclosed", "> ".repeat(2_000), `- ${"[x](".repeat(1_000)}`]) {
    const began = performance.now();
    of(source);
    assert.ok(performance.now() - began < 2_000, source.slice(0, 10));
  }
});
