// Begins empty.
import "../styles/base.css";
import { of, t, type Language } from "../core/words.ts";
import { begin, Bar } from "../ui/page.tsx";

const words = (language: Language): Promise<string[]> =>
  Promise.all(language === "en"
    ? [import("../words/en/core.ftl"), import("../words/en/intraday.ftl")]
    : [import("../words/zh-CN/core.ftl"), import("../words/zh-CN/intraday.ftl")]).then((files) => files.map((file) => file.default));

function Page() {
  document.title = of("desk-", "intraday");
  return <><Bar desk="intraday" /><main><p>{t("not-yet")}</p></main></>;
}

await begin({ words, Page });
