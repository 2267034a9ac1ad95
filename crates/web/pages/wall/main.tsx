// Begins empty.
import "../styles/base.css";
import { of, t, type Language } from "../core/words.ts";
import { begin, Bar } from "../ui/page.tsx";

const words = (language: Language): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/wall.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/wall.ftl")]).then((files) => files.map((file) => file.default));

function Page() {
  document.title = of("desk-", "wall");
  return <><Bar desk="wall" /><main><p>{t("not-yet")}</p></main></>;
}

await begin({ words, Page, needsSession: false });
