package org.evergrant.jdbc;

import java.sql.SQLException;

/** One open connection and what belongs to it. Used by one thread at a time. */
interface Session extends AutoCloseable {

    /**
     * For tests: cuts the connection under whoever uses it, as a network would. A call that is
     * under way ends with an error.
     */
    void cut() throws SQLException;

    @Override
    void close() throws SQLException;
}
