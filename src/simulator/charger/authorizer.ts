// Whom a charger lets charge: local list, cache, central system, and what holds while offline (OCPP 1.6 §3.5).
import type { Static } from "typebox";
import type { AuthorizationData, request as SendLocalList } from "../../v16/send_local_list.ts";
import { readTime } from "../../ocpp/time.ts";
import type { IdTagInfo } from "../../v16/datatypes.ts";
import type { Configuration } from "./configuration.ts";

type ListEntry = Static<typeof AuthorizationData>;

/** What an authorizer works with. */
export interface AuthorizerOptions {
  configuration: Configuration;
  now(): number;
  online(): boolean;
  /** Asks the central system. */
  ask(id_tag: string): Promise<IdTagInfo>;
  /** Told when the central system says otherwise of a tag than the local list. */
  onConflict(id_tag: string): void;
}

/** Tags compare without regard to case (OCPP 1.6 §7.7). */
export function sameTag(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Decides on tags. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #list = new Map<string, IdTagInfo>();
  readonly #cache = new Map<string, IdTagInfo>();
  #version = 0;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /** Version of the local list; 0: empty, -1: not in use (OCPP 1.6 §5.10). */
  get version(): number {
    return this.#configuration.flag("LocalAuthListEnabled") ? this.#version : -1;
  }

  get #configuration(): Configuration {
    return this.#options.configuration;
  }

  /** Whether a tag may charge. Rejects when the central system is there but does not answer. */
  async authorize(id_tag: string): Promise<IdTagInfo> {
    const local = this.lookUp(id_tag);
    if (!this.#options.online()) return this.#offline(local);
    if (local?.status === "Accepted" && this.#configuration.flag("LocalPreAuthorize")) return local;
    const info = await this.#options.ask(id_tag);
    this.learn(id_tag, info);
    return info;
  }

  #offline(local: IdTagInfo | undefined): IdTagInfo {
    if (local && this.#configuration.flag("LocalAuthorizeOffline")) return local;
    const unknown = !local && this.#configuration.flag("AllowOfflineTxForUnknownId");
    return { status: unknown ? "Accepted" : "Invalid" };
  }

  /** What is known here of a tag; the list comes before the cache (OCPP 1.6 §3.5.3). */
  lookUp(id_tag: string): IdTagInfo | undefined {
    const cached = this.#configuration.flag("AuthorizationCacheEnabled")
      ? this.#cache.get(id_tag.toLowerCase())
      : undefined;
    return this.#listed(id_tag) ?? this.#asOfNow(cached);
  }

  #listed(id_tag: string): IdTagInfo | undefined {
    if (!this.#configuration.flag("LocalAuthListEnabled")) return undefined;
    return this.#asOfNow(this.#list.get(id_tag.toLowerCase()));
  }

  #asOfNow(info: IdTagInfo | undefined): IdTagInfo | undefined {
    return info && this.#isOver(info) ? { ...info, status: "Expired" } : info;
  }

  #isOver({ status, expiryDate }: IdTagInfo): boolean {
    return status === "Accepted" && expiryDate !== undefined && readTime(expiryDate) <= this.#options.now();
  }

  /** Keeps what the central system said of a tag that is not on the list (OCPP 1.6 §3.5.1). */
  learn(id_tag: string, info: IdTagInfo): void {
    const listed = this.#listed(id_tag);
    const differs = listed && (listed.status === "Accepted") !== (info.status === "Accepted");
    if (differs) this.#options.onConflict(id_tag);
    if (this.#configuration.flag("AuthorizationCacheEnabled")) this.#cache.set(id_tag.toLowerCase(), info);
  }

  /** ClearCache; false when there is no cache (errata 3.23). */
  clearCache(): boolean {
    this.#cache.clear();
    return this.#configuration.flag("AuthorizationCacheEnabled");
  }

  /** SendLocalList (OCPP 1.6 §5.15). */
  update(
    { updateType, listVersion, localAuthorizationList = [] }: Static<typeof SendLocalList>,
  ): "Accepted" | "Failed" | "NotSupported" | "VersionMismatch" {
    if (!this.#configuration.flag("LocalAuthListEnabled")) return "NotSupported";
    if (localAuthorizationList.length > this.#configuration.number("SendLocalListMaxLength")) return "Failed";
    if (hasTwins(localAuthorizationList)) return "Failed";
    if (updateType === "Full") return this.#replace(localAuthorizationList, listVersion);
    if (listVersion <= this.#version) return "VersionMismatch";
    return this.#amend(localAuthorizationList, listVersion);
  }

  #replace(entries: ListEntry[], version: number): "Accepted" | "Failed" {
    if (entries.some(({ idTagInfo }) => !idTagInfo)) return "Failed";
    if (entries.length > this.#configuration.number("LocalAuthListMaxLength")) return "Failed";
    this.#list.clear();
    return this.#amend(entries, version);
  }

  #amend(entries: ListEntry[], version: number): "Accepted" | "Failed" {
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

function hasTwins(entries: ListEntry[]): boolean {
  return new Set(entries.map(({ idTag }) => idTag.toLowerCase())).size < entries.length;
}
