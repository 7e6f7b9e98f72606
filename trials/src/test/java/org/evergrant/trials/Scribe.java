package org.evergrant.trials;

import java.sql.SQLException;
import java.util.List;
import org.evergrant.AppId;
import org.evergrant.seal.SealingKey;
import org.evergrant.spi.AppRecord;

/** Keeps every version that a record has in a store. */
interface Scribe {
    /** Returns every version of the record, from the empty one on. */
    List<AppRecord> versions(AppId recordId, SealingKey key) throws SQLException;
}
