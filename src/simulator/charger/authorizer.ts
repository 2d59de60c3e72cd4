// Authorization of tags: local list, cache, central system, and the rules for offline (OCPP 1.6 §3.5).
import { readTime } from "../../ocpp/time.ts";
import type { CommandOf, IdTagInfo, ReplyTo } from "../messages.ts";
import type { Configuration } from "./configuration.ts";

type SendLocalList = CommandOf<"SendLocalList">;
type ListEntry = NonNullable<SendLocalList["localAuthorizationList"]>[number];
type UpdateStatus = ReplyTo<"SendLocalList">["status"];

/** The surroundings of an authorizer. */
export interface AuthorizerDeps {
  configuration: Configuration;
  /** Returns the time by the charger's clock, ms since 1970. */
  now(): number;
  /** Returns true while the central system can be asked. */
  online(): boolean;
  /** Asks the central system. */
  ask(id_tag: string): Promise<IdTagInfo>;
  /** Called when the central system and the local list disagree about a tag. */
  onConflict(id_tag: string): void;
}

/** Compares tags without regard to case (OCPP 1.6 §7.7). */
export function sameTag(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The authorization of tags. */
export class Authorizer {
  readonly #deps: AuthorizerDeps;
  readonly #list = new Map<string, IdTagInfo>();
  readonly #cache = new Map<string, IdTagInfo>();
  #version = 0;

  constructor(deps: AuthorizerDeps) {
    this.#deps = deps;
  }

  /** Version of the local list; 0: empty, -1: disabled (OCPP 1.6 §5.10). */
  get version(): number {
    return this.#configuration.flag("LocalAuthListEnabled") ? this.#version : -1;
  }

  get #configuration(): Configuration {
    return this.#deps.configuration;
  }

  /** Resolves with the authorization of a tag. Rejects when the charger is online and the central system does not answer. */
  async authorize(id_tag: string): Promise<IdTagInfo> {
    const local = this.lookUp(id_tag);
    if (!this.#deps.online()) return this.#offline(local);
    if (local?.status === "Accepted" && this.#configuration.flag("LocalPreAuthorize")) return local;
    const info = await this.#deps.ask(id_tag);
    this.learn(id_tag, info);
    return info;
  }

  #offline(local: IdTagInfo | undefined): IdTagInfo {
    if (local && this.#configuration.flag("LocalAuthorizeOffline")) return local;
    const unknown = !local && this.#configuration.flag("AllowOfflineTxForUnknownId");
    return { status: unknown ? "Accepted" : "Invalid" };
  }

  /** Looks a tag up in the local list, then in the cache (OCPP 1.6 §3.5.3). */
  lookUp(id_tag: string): IdTagInfo | undefined {
    const cached = this.#configuration.flag("AuthorizationCacheEnabled")
      ? this.#cache.get(id_tag.toLowerCase())
      : undefined;
    return this.#listed(id_tag) ?? this.#current(cached);
  }

  #listed(id_tag: string): IdTagInfo | undefined {
    if (!this.#configuration.flag("LocalAuthListEnabled")) return undefined;
    return this.#current(this.#list.get(id_tag.toLowerCase()));
  }

  #current(info: IdTagInfo | undefined): IdTagInfo | undefined {
    return info && this.#isExpired(info) ? { ...info, status: "Expired" } : info;
  }

  #isExpired({ status, expiryDate }: IdTagInfo): boolean {
    return status === "Accepted" && expiryDate !== undefined && readTime(expiryDate) <= this.#deps.now();
  }

  /** Caches the central system's answer about a tag (OCPP 1.6 §3.5.1). */
  learn(id_tag: string, info: IdTagInfo): void {
    const listed = this.#listed(id_tag);
    const differs = listed && (listed.status === "Accepted") !== (info.status === "Accepted");
    if (differs) this.#deps.onConflict(id_tag);
    if (this.#configuration.flag("AuthorizationCacheEnabled")) this.#cache.set(id_tag.toLowerCase(), info);
  }

  /** Handles ClearCache; false when there is no cache (errata 3.23). */
  clearCache(): boolean {
    this.#cache.clear();
    return this.#configuration.flag("AuthorizationCacheEnabled");
  }

  /** Handles SendLocalList (OCPP 1.6 §5.15). */
  update(
    { updateType, listVersion, localAuthorizationList = [] }: SendLocalList,
  ): UpdateStatus {
    if (!this.#configuration.flag("LocalAuthListEnabled")) return "NotSupported";
    if (localAuthorizationList.length > this.#configuration.number("SendLocalListMaxLength")) return "Failed";
    if (hasDuplicates(localAuthorizationList)) return "Failed";
    if (updateType === "Full") return this.#replace(localAuthorizationList, listVersion);
    if (listVersion <= this.#version) return "VersionMismatch";
    return this.#amend(localAuthorizationList, listVersion);
  }

  #replace(entries: ListEntry[], version: number): UpdateStatus {
    if (entries.some(({ idTagInfo }) => !idTagInfo)) return "Failed";
    if (entries.length > this.#configuration.number("LocalAuthListMaxLength")) return "Failed";
    this.#list.clear();
    return this.#amend(entries, version);
  }

  #amend(entries: ListEntry[], version: number): UpdateStatus {
    const added =
      entries.filter(({ idTag, idTagInfo }) => idTagInfo && !this.#list.has(idTag.toLowerCase())).length;
    if (this.#list.size + added > this.#configuration.number("LocalAuthListMaxLength")) return "Failed";
    for (const { idTag, idTagInfo } of entries) {
      if (idTagInfo) this.#list.set(idTag.toLowerCase(), idTagInfo);
      else this.#list.delete(idTag.toLowerCase());
    }
    this.#version = version;
    return "Accepted";
  }
}

function hasDuplicates(entries: ListEntry[]): boolean {
  return new Set(entries.map(({ idTag }) => idTag.toLowerCase())).size < entries.length;
}
