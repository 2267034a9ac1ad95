// What somebody wrote, as the server tells it to this reader: whole, or only that there is something.
import { t } from "./words.ts";

export interface Said { text?: string | null; masked?: boolean; erased?: boolean; unreadable?: boolean }

export const saidText = (said: Said | null | undefined): string => said?.text ?? (said ? t("words-hidden") : "");
