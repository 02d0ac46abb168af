package boltstore

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/footfall/footfall/analytics"
)

// A stored key is one byte of order and the key; a stored value is the checksum
// and the value. The first and the last record of a table are its fences.
const (
	fenceFirst = 0
	data       = 1
	fenceLast  = 2
)

const checksumLength = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// metaTable is the meta bucket where a table is asked for.
const metaTable = 255

// checksumOf is the checksum of a table's number, with which that of a record
// begins.
var checksumOf = func() (sums [256]uint32) {
	for table := range sums {
		sums[table] = crc32.Checksum([]byte{byte(table)}, castagnoli)
	}
	return sums
}()

func checksum(table uint8, storedKey, value []byte) uint32 {
	return crc32.Update(crc32.Update(checksumOf[table], castagnoli, storedKey), castagnoli, value)
}

// appendKey appends a key as it is stored.
func appendKey[K string | []byte](b []byte, key K) []byte {
	return append(append(b, data), key...)
}

// appendValue appends a value as it is stored.
func appendValue(b []byte, table uint8, storedKey, value []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, checksum(table, storedKey, value))
	return append(b, value...)
}

// readValue returns the value in a stored one, and whether it is sound.
func readValue(table uint8, storedKey, stored []byte) ([]byte, bool) {
	if len(stored) < checksumLength {
		return nil, false
	}
	value := stored[checksumLength:]
	return value, binary.LittleEndian.Uint32(stored) == checksum(table, storedKey, value)
}

// The meta bucket's one record, which every version of Footfall reads: the magic
// and the schema's version.
const (
	metaBucket  = "meta"
	schemaMagic = "footfall"
)

// schemaVersion is the version that is written.
var schemaVersion = uint32(len(migrations) + 1)

var schemaKey = []byte("schema")

func schemaValue(version uint32) []byte {
	value := binary.LittleEndian.AppendUint32([]byte(schemaMagic), version)
	return appendValue(nil, metaTable, schemaKey, value)
}

// readSchema returns 0 where it is not Footfall's.
func readSchema(stored []byte) (version uint32, err error) {
	value, ok := readValue(metaTable, schemaKey, stored)
	if !ok {
		return 0, flaw("the schema's version does not have its checksum")
	}
	if len(value) < len(schemaMagic)+4 || string(value[:len(schemaMagic)]) != schemaMagic {
		return 0, nil
	}
	return binary.LittleEndian.Uint32(value[len(schemaMagic):]), nil
}

func bucketName(t analytics.Table) []byte { return []byte(t.String()) }
