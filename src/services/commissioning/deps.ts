// The parts that commissionings work with.
import type { CentralSystem } from "../../central/central_system.ts";
import type { MessageLog } from "../../central/message_log.ts";
import type { Log } from "../../log.ts";
import type { Events } from "../../site/events.ts";
import type { LoadManagement } from "../load/load_management.ts";
import type { Store } from "../../store/store.ts";

/** The parts that commissionings work with. */
export interface CommissioningDeps {
  store: Store;
  events: Events;
  messages: MessageLog;
  central: CentralSystem;
  load: Pick<LoadManagement, "cap">;
  log: Log;
  now: () => number;
}
