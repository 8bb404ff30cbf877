"""A Modbus RTU slave by pymodbus 3.0 on a serial port: python3 pymodbus-slave.py PORT UNIT...

Holding register n holds 500 + n, input register n holds 900 + n, coils 0..63 are off, discrete input n is on when n is even.
Prints `ready` when the port is open.
"""
import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusSerialServer
from pymodbus.transaction import ModbusRtuFramer


def slave():
    return ModbusSlaveContext(
        co=ModbusSequentialDataBlock(0, [False] * 64),
        di=ModbusSequentialDataBlock(0, [n % 2 == 0 for n in range(64)]),
        hr=ModbusSequentialDataBlock(0, [500 + n for n in range(64)]),
        ir=ModbusSequentialDataBlock(0, [900 + n for n in range(64)]),
        zero_mode=True,
    )


async def main(port, units):
    context = ModbusServerContext(slaves={unit: slave() for unit in units}, single=False)
    server = ModbusSerialServer(context, ModbusRtuFramer, port=port, baudrate=9600, ignore_missing_slaves=True)
    await server.start()
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main(sys.argv[1], [int(unit) for unit in sys.argv[2:]]))
